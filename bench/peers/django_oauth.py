"""django-oauth-toolkit on SQLite, served by granian: client credentials buy opaque tokens, introspection reads their row,
revocation deletes it. As fast as its settings allow: no middleware, a lasting connection a thread, durable commits.

python django_oauth.py <folder> <rows>               makes the folder, with so many tokens
BENCH_FOLDER=<folder> granian ... django_oauth:application
"""

import ctypes
import os
import pathlib
import signal
import sys

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

folder = pathlib.Path(os.environ.get("BENCH_FOLDER") or sys.argv[1])
key = folder / "key.pem"
settings.configure(
    SECRET_KEY="a secret of the bench, worth nothing elsewhere",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="django_oauth",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "oauth2_provider"],
    MIDDLEWARE=[],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "peer.db",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "pragma journal_mode = wal; pragma synchronous = full",
            },
        }
    },
    OAUTH2_PROVIDER={
        "SCOPES": {"widget": "what a widget may do", "introspection": "to ask about tokens"},
        "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
        # Only for its key set.
        "OIDC_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": key.read_text() if key.exists() else "",
    },
)


def prepare(rows):
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    folder.mkdir()
    key.write_bytes(
        rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from oauth2_provider.models import Application

    call_command("migrate", verbosity=0)
    # `plain` keeps its secret as it is; `hashed` keeps it like a password, which is the default.
    for name in ["plain", "hashed"]:
        Application.objects.create(
            name=name,
            client_id=name,
            client_secret="bench-key",
            hash_client_secret=name == "hashed",
            client_type=Application.CLIENT_CONFIDENTIAL,
            authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        )
    with connection.cursor() as cursor:
        cursor.execute("pragma journal_mode = off")
        cursor.execute("pragma synchronous = off")
        cursor.execute(
            """with recursive n(i) as (select 1 union all select i + 1 from n where i < %s)
               insert into oauth2_provider_accesstoken
                 (token, token_checksum, expires, scope, resource, application_id, created, updated)
               select printf('%%030d', i), printf('%%064d', i), '2099-01-01 00:00:00', 'widget', '[]',
                      (select id from oauth2_provider_application where name = 'plain'), '2026-01-01 00:00:00', '2026-01-01 00:00:00'
               from n""",
            [rows],
        )


if __name__ == "__main__":
    prepare(int(sys.argv[2]))
else:
    # The process that serves ends with the one that watches it, however that one ends.
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    application = get_wsgi_application()
    from django.urls import include, path

    urlpatterns = [path("o/", include("oauth2_provider.urls"))]
