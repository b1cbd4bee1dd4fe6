from demo.parts import Demo, setup


@setup(order=90)
def people(demo: Demo) -> None:
    demo.account("guest@airside.example", "Mia", "Lund", "no role")
    demo.account("admin@airside.example", "Kim", "Adeyemi", "all rights", superuser=True)
