"""GraphQL over the same questions and the same permissions as REST."""
