"""The steps by which the store got its shape; `archive.store.open_store` runs those a store has not seen."""
