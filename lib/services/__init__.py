"""Every write: one function per intention, one transaction, keyword-only arguments, rights checked again."""
