"""What is observed: OTLP receivers, the ClickHouse store, correlation and timelines. Imports only the registry."""
