"""ISO 4217 (list one): which currencies there are, and how many digits each has behind the point."""

from __future__ import annotations

_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_FOUR = "CLF UYW"
# Those in use, with two that were replaced in 2025 and 2026 (ANG, BGN) and still stand in open documents. Precious
# metals, funds without a minor unit and test codes are left out: nobody is billed in them.
_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF
CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL
HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD
MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF
SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU
UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""

#: Digits after the point where it isn't two.
MINOR_UNITS = {code: digits for digits, codes in ((0, _NONE), (3, _THREE), (4, _FOUR)) for code in codes.split()}
CODES = frozenset(_CODES.split())


def exponent(code: str) -> int | None:
    """The digits behind the point of a currency, by its code in capitals; none if there is no such currency."""
    return MINOR_UNITS.get(code, 2) if code in CODES else None
