"""Protobuf as Confluent Schema Registry judges it: what is on the wire, plus a few things that people rely on."""
