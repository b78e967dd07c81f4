"""Protobuf's compiled form: serializers hand schemas over as descriptors, people read and write text."""
