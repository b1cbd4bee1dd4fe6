# The image of the serving processes, of the migration and of the feed: compose.yaml starts each with its command.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 AIRSIDE_DATA=/airside/var HOST=0.0.0.0
WORKDIR /airside

COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

COPY manage.py ./
COPY site site
COPY bookings bookings
COPY tracking tracking
COPY templates templates
COPY static static
COPY locale locale

# A key for this step alone: the image has none.
RUN SECRET_KEY=build AIRSIDE_STATIC_COLLECTED=1 python manage.py collectstatic --noinput --verbosity=0

USER 10001:10001
EXPOSE 8000
CMD ["python", "manage.py", "serve"]
