"""Words that SQL keeps for something: an expression that has one where a name could be is left to the parser."""

KEPT_WORDS = frozenset(
    """
    age all alter analyze and anti any apply array as asc asof attach auto_increment autoincrement begin
    between bigdecimal bigint bignum bignumeric binary bit bitstring blob bool boolean bpchar by byte bytea
    cache call case char character clob cluster collate column comment commit connect connect_by_root
    constraint copy create cross cube current_catalog current_date current_datetime current_role
    current_schema current_time current_timestamp current_user database date datemultirange daterange datetime
    dec decfloat decimal decimal128 decimal256 decimal32 decimal64 default delete desc describe detach
    disconnect distinct distribute div double drop else end enum escape except execute exists explain false
    fetch file filter first fixed float float4 float8 for force foreign format from full function geography
    geometry get_current_timestamp glob grant group grouping having hugeint if ilike in index inet inner
    insert install int int1 int128 int16 int2 int256 int32 int4 int4multirange int4range int64 int8
    int8multirange int8range integer intersect interval into is isnull join json jsonb keep key kill lateral
    left like limit list load localtime localtimestamp lock logical long longblob longtext longvarchar macro
    map mediumblob mediumint mediumtext merge namespace natural nchar next not notnull now null nullable
    number numeric nummultirange numrange nvarchar nvarchar2 object offset on only operator optimize or order
    ordinality out outer over overlaps overwrite partition partitioned partitioned_by percent pivot
    pivot_wider positional pragma precision prepare primary procedure qualify range real recursive ref
    references regexp rename replace reset returning revoke right rlike rollback rollup row rowid rows schema
    security select semi sequence session session_user set sets settings short show signed similar smallint
    some sql str straight_join string struct summarize table tablesample temp temporary text then time time_ns
    timestamp timestamp_ltz timestamp_ms timestamp_ns timestamp_ntz timestamp_s timestamp_us timestampltz
    timestampntz timestamptz timetz tinyblob tinyint tinytext to today trigger true truncate tsmultirange
    tsrange tstzmultirange tstzrange ubigint uhugeint uint uint128 uint256 uinteger uncache union unique
    unknown unnest unpivot update use using usmallint utinyint uuid vacuum values varbinary varchar varchar2
    variant varying vector view volatile when where window with xor
    """.split()  # noqa: SIM905 - three hundred strings would be three hundred lines
)
"""In lower case; those of sqlglot for DuckDB, to which a test compares them."""
