"""The data model: frozen values, no input or output, no search."""
