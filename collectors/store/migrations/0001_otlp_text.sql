-- An attribute's value as text, from the wire bytes of OTLP's AnyValue. Strings, integers, booleans and doubles read as
-- people write them, bytes as base64; lists and maps stay wire bytes in base64 behind a NUL, to be unfolded when shown.
-- The bytes that a length prefix takes follow from the total length.
CREATE OR REPLACE FUNCTION otlp_payload AS (v) ->
    substring(v, multiIf(length(v) < 130, 3, length(v) < 16387, 4, length(v) < 2097156, 5, 6));

CREATE OR REPLACE FUNCTION otlp_text AS (v) -> multiIf(
    startsWith(v, '\x0a'), otlp_payload(v),
    startsWith(v, '\x18'), toString(arraySum(i -> bitShiftLeft(toInt64(bitAnd(reinterpretAsUInt8(substring(v, i + 2, 1)), 127)), 7 * i), range(length(v) - 1))),
    startsWith(v, '\x10'), if(endsWith(v, '\x01'), 'true', 'false'),
    startsWith(v, '\x21'), toString(reinterpretAsFloat64(substring(v, 2))),
    empty(v), '',
    startsWith(v, '\x3a'), base64Encode(otlp_payload(v)),
    concat('\0', base64Encode(v)));
