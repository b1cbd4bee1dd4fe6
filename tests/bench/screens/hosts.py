def table():
    raise NotImplementedError
