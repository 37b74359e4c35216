"""The formats of the sheet. Text from templates is untrusted, and each format escapes it."""
