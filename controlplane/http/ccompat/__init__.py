"""Confluent Schema Registry's HTTP interface over the same subjects and versions, for the clients that speak it."""
