"""Tries a database server out for `kesu check`, and changes nothing."""

from __future__ import annotations

from sqlalchemy import Connection, func, inspect, select

from daemon.adapters.findings import Finding
from daemon.adapters.store.address import Address
from daemon.adapters.store.database import reached
from daemon.adapters.store.dialect import engine_for
from daemon.adapters.store.errors import StoreMissing, StoreTooNew, StoreTooOld, StoreUnreachable
from daemon.adapters.store.sql import open_store


def check_database(address: Address) -> tuple[Finding, ...]:
    """Return what is to be said of the database and the schema: how it stands, or what to mend."""
    try:
        try:
            store = open_store(address, read_only=True)
        except StoreMissing:
            return (_room(address),)
        except StoreTooOld:
            return (Finding(ok=True, what=f"database {address}: upgraded when the daemon starts"),)
        owner = store.lease_owner()
        store.close()
    except StoreUnreachable as fault:
        return (Finding(ok=False, what=f"database {address}: {fault.said}", advice=fault.advice),)
    except StoreTooNew as fault:
        return (Finding(ok=False, what=str(fault), advice="see above"),)
    return (Finding(ok=True, what=f"database {address}: {owner or 'nobody'} is at work in it"),)


def _room(address: Address) -> Finding:
    """Tell whether a new store could be made there."""
    engine = engine_for(address, read_only=True)
    try:
        with reached(address), engine.connect() as connection:
            lacking = _lacking(connection, address.schema)
    finally:
        engine.dispose()
    if lacking:
        return Finding(ok=False, what=f"database {address}: its user may not make tables there", advice=lacking)
    return Finding(ok=True, what=f"database {address}: the tables are made when the daemon starts")


def _lacking(connection: Connection, schema: str) -> str:
    """Return what an administrator of the database must grant; nothing when all is granted."""
    user, database = connection.execute(select(func.current_user(), func.current_database())).one()
    if schema and not inspect(connection).has_schema(schema):
        granted = connection.scalar(select(func.has_database_privilege(database, "CREATE")))
        return "" if granted else f'let an administrator run: CREATE SCHEMA {schema} AUTHORIZATION "{user}"'
    name = schema or connection.scalar(select(func.current_schema())) or "public"
    granted = connection.scalar(select(func.has_schema_privilege(name, "USAGE, CREATE")))
    rights = connection.scalar(select(func.has_schema_privilege(name, "CREATE")))
    return "" if granted and rights else f'let an administrator run: GRANT USAGE, CREATE ON SCHEMA {name} TO "{user}"'
