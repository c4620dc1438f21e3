using System.Buffers.Binary;

namespace VSan.Iscsi.Pdu;

/// <summary>Stages of a login (RFC 7143, 11.12.3).</summary>
internal enum LoginStage
{
    Security = 0,
    Operational = 1,
    FullFeature = 3,
}

/// <summary>Status-Class and Status-Detail of a login (RFC 7143, 11.13.5).</summary>
internal enum LoginStatus : ushort
{
    Success = 0x0000,
    InitiatorError = 0x0200,
    AuthenticationFailure = 0x0201,
    AuthorizationFailure = 0x0202,
    NotFound = 0x0203,
    UnsupportedVersion = 0x0205,
    TooManyConnections = 0x0206,
    MissingParameter = 0x0207,
    CannotIncludeInSession = 0x0208,
    SessionTypeNotSupported = 0x0209,
    SessionDoesNotExist = 0x020A,
    InvalidDuringLogin = 0x020B,
    ServiceUnavailable = 0x0301,
    OutOfResources = 0x0302,
}

/// <summary>
/// Login Request (RFC 7143, 11.12) and Response (11.13).
/// <code>
///    0 |.1| 03h |T C . . CSG NSG| Version-max | Version-min |     response: 23h, Version-max, Version-active
///    8 | ISID (6) | 14 TSIH (2) | 16 ITT
///   20 | CID (2) | reserved (2) | 24 CmdSN | 28 ExpStatSN          response: 24 StatSN | 28 ExpCmdSN | 32 MaxCmdSN
///   36 |                                                           response: Status-Class | Status-Detail
/// </code>
/// </summary>
internal readonly ref struct LoginRequest(BasicHeader header)
{
    private readonly BasicHeader _header = header;

    public bool Transit => _header.Final;

    public bool Continue => _header.Continue;

    public int CurrentStage => (_header.Flags >> 2) & 3;

    public int NextStage => _header.Flags & 3;

    public byte VersionMin => _header.Raw[3];

    /// <summary>The initiator's part of the session's name, 48 bits.</summary>
    public ulong Isid => _header.Lun >> 16;

    public uint InitiatorTaskTag => _header.InitiatorTaskTag;

    public ushort Tsih => _header.UInt16(14);

    public ushort ConnectionId => _header.UInt16(20);
}

/// <inheritdoc cref="LoginRequest"/>
internal static class LoginResponse
{
    public static void Format(Span<byte> to, byte flags, int length, ulong isid, ushort tsih, uint tag, LoginStatus status)
    {
        BasicHeader.Begin(to, Opcode.LoginResponse, flags, length, tag);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], (isid << 16) | tsih);
        BinaryPrimitives.WriteUInt16BigEndian(to[36..], (ushort)status);
    }
}
