"""What is declared: catalogue, schemas and their compatibility, mappings, access, audit. Imports no other room."""
