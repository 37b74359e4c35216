"""The code that all resources share. No module here depends on a specific resource."""
