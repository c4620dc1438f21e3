using System.Buffers.Binary;

namespace VSan.Scsi;

/// <summary>Sense keys (SPC-4).</summary>
internal enum SenseKey : byte
{
    NoSense = 0x0,
    NotReady = 0x2,
    MediumError = 0x3,
    HardwareError = 0x4,
    IllegalRequest = 0x5,
    UnitAttention = 0x6,
    DataProtect = 0x7,
    CopyAborted = 0xA,
    AbortedCommand = 0xB,
    Miscompare = 0xE,
}

/// <summary>
/// Why a command did not end well: key, additional sense code with qualifier, where in the CDB or parameter list, and what the command adds. All
/// sense data is written here.
/// <code>
///   fixed:        0  70h, VALID 80h   2  key    3  information (4)   7  length of the rest   8  command-specific (4)   12  code (2)   15  sense-key specific (3)
///   descriptors:  0  72h   1  key   2  code (2)   7  length of the rest   8  type, length, then:  2  VALID 80h   4  information (8)  or  4  sense-key specific (3)
/// </code>
/// </summary>
/// <param name="Key">Sense key.</param>
/// <param name="Code">ASC in the high byte, ASCQ in the low one.</param>
internal readonly record struct Sense(SenseKey Key, ushort Code)
{
    /// <summary>Longest of both formats: the descriptor format with all that we have to say.</summary>
    public const int BytesMax = DescriptorHeaderBytes + (2 * InformationBytes) + SpecificBytes;

    /// <summary>Fixed format, up to the sense-key specific bytes (SPC-4).</summary>
    private const int FixedBytes = 18;

    // Descriptor format: its header, the information and command-specific information descriptors, the sense-key specific one.
    private const int DescriptorHeaderBytes = 8, InformationBytes = 12, SpecificBytes = 8;

    private const byte InformationType = 0x00, CommandSpecificType = 0x01, SpecificType = 0x02;

    public static readonly Sense None = new(SenseKey.NoSense, 0);
    public static readonly Sense InvalidOpCode = new(SenseKey.IllegalRequest, 0x2000);
    public static readonly Sense LbaOutOfRange = new(SenseKey.IllegalRequest, 0x2100);
    public static readonly Sense InvalidFieldInCdb = new(SenseKey.IllegalRequest, 0x2400);
    public static readonly Sense LunNotSupported = new(SenseKey.IllegalRequest, 0x2500);
    public static readonly Sense InvalidFieldInParameters = new(SenseKey.IllegalRequest, 0x2600);
    public static readonly Sense ParameterListLength = new(SenseKey.IllegalRequest, 0x1A00);
    public static readonly Sense SavingNotSupported = new(SenseKey.IllegalRequest, 0x3900);
    public static readonly Sense InvalidRelease = new(SenseKey.IllegalRequest, 0x2604);
    public static readonly Sense InsufficientRegistrations = new(SenseKey.IllegalRequest, 0x5504);
    public static readonly Sense OperationInProgress = new(SenseKey.IllegalRequest, 0x0016);
    public static readonly Sense TooManyTargetDescriptors = new(SenseKey.IllegalRequest, 0x2606);
    public static readonly Sense UnsupportedTargetDescriptor = new(SenseKey.IllegalRequest, 0x2607);
    public static readonly Sense TooManySegmentDescriptors = new(SenseKey.IllegalRequest, 0x2608);
    public static readonly Sense UnsupportedSegmentDescriptor = new(SenseKey.IllegalRequest, 0x2609);
    public static readonly Sense UnexpectedInexactSegment = new(SenseKey.CopyAborted, 0x260A);
    public static readonly Sense InlineDataLengthExceeded = new(SenseKey.IllegalRequest, 0x260B);
    public static readonly Sense CopyAborted = new(SenseKey.CopyAborted, 0x0000);
    public static readonly Sense UnreachableCopyTarget = new(SenseKey.CopyAborted, 0x0804);
    public static readonly Sense ThirdPartyDeviceFailure = new(SenseKey.CopyAborted, 0x0D01);
    public static readonly Sense CopyTargetNotReachable = new(SenseKey.CopyAborted, 0x0D02);
    public static readonly Sense WriteProtected = new(SenseKey.DataProtect, 0x2700);
    public static readonly Sense SoftwareWriteProtected = new(SenseKey.DataProtect, 0x2702);
    public static readonly Sense AccessStateTransition = new(SenseKey.NotReady, 0x040A);
    public static readonly Sense PortInStandby = new(SenseKey.NotReady, 0x040B);
    public static readonly Sense PortUnavailable = new(SenseKey.NotReady, 0x040C);
    public static readonly Sense SanitizeInProgress = new(SenseKey.NotReady, 0x041B);
    public static readonly Sense SanitizeFailed = new(SenseKey.MediumError, 0x3103);
    public static readonly Sense SpaceAllocationFailed = new(SenseKey.DataProtect, 0x2707);
    public static readonly Sense UnrecoveredRead = new(SenseKey.MediumError, 0x1100);
    public static readonly Sense WriteError = new(SenseKey.MediumError, 0x0C00);
    public static readonly Sense InternalTargetFailure = new(SenseKey.HardwareError, 0x4400);
    public static readonly Sense ProtocolServiceCrcError = new(SenseKey.AbortedCommand, 0x4705);
    public static readonly Sense Miscompare = new(SenseKey.Miscompare, 0x1D00);
    public static readonly Sense PowerOn = new(SenseKey.UnitAttention, 0x2900);
    public static readonly Sense ResetOccurred = new(SenseKey.UnitAttention, 0x2903);
    public static readonly Sense ModeParametersChanged = new(SenseKey.UnitAttention, 0x2A01);
    public static readonly Sense ReservationsPreempted = new(SenseKey.UnitAttention, 0x2A03);
    public static readonly Sense ReservationsReleased = new(SenseKey.UnitAttention, 0x2A04);
    public static readonly Sense RegistrationsPreempted = new(SenseKey.UnitAttention, 0x2A05);
    public static readonly Sense AccessStateChanged = new(SenseKey.UnitAttention, 0x2A06);
    public static readonly Sense CapacityChanged = new(SenseKey.UnitAttention, 0x2A09);
    public static readonly Sense ThinThresholdReached = new(SenseKey.UnitAttention, 0x3807);
    public static readonly Sense LunsChanged = new(SenseKey.UnitAttention, 0x3F0E);

    // Sense-key specific bytes 15 to 17: SKSV, C/D, BPV and the bit in the first, the byte number in the others.
    private int Specific { get; init; }

    /// <summary>What a target port in this state says to commands that it does not run; nothing where it runs all.</summary>
    public static Sense Of(AsymmetricAccessState state) => state switch
    {
        AsymmetricAccessState.ActiveOptimized or AsymmetricAccessState.ActiveNonOptimized => None,
        AsymmetricAccessState.Standby => PortInStandby,
        AsymmetricAccessState.Unavailable => PortUnavailable,
        AsymmetricAccessState.Transitioning => AccessStateTransition,
    };

    /// <summary>Points at a byte of the CDB (SPC-4).</summary>
    public Sense AtCdbByte(int index) => this with { Specific = 0xC00000 | index };

    /// <summary>Points at a byte of the parameter list.</summary>
    public Sense AtParameterByte(int index) => this with { Specific = 0x800000 | (index & 0xFFFF) };

    /// <summary>INFORMATION, as the command defines it; null without one.</summary>
    public ulong? Information { get; init; }

    /// <summary>COMMAND-SPECIFIC INFORMATION; null without one.</summary>
    public uint? CommandSpecific { get; init; }

    /// <summary>Writes sense data of a current error; returns its length, at most <see cref="BytesMax"/>.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="descriptors">True for the descriptor format (D_SENSE of the control mode page, DESC of REQUEST SENSE).</param>
    public int Format(Span<byte> to, bool descriptors) => descriptors ? FormatDescriptors(to) : FormatFixed(to);

    /// <summary>An information that four bytes cannot hold is not valid in this format (SPC-4).</summary>
    private int FormatFixed(Span<byte> to)
    {
        to[..FixedBytes].Clear();
        bool valid = Information <= uint.MaxValue;
        to[0] = valid ? (byte)0xF0 : (byte)0x70;
        to[2] = (byte)Key;
        if (valid) BinaryPrimitives.WriteUInt32BigEndian(to[3..], (uint)Information!.Value);
        to[7] = FixedBytes - 8;
        BinaryPrimitives.WriteUInt32BigEndian(to[8..], CommandSpecific ?? 0);
        BinaryPrimitives.WriteUInt16BigEndian(to[12..], Code);
        to[15] = (byte)(Specific >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(to[16..], (ushort)Specific);
        return FixedBytes;
    }

    private int FormatDescriptors(Span<byte> to)
    {
        to[..BytesMax].Clear();
        to[0] = 0x72;
        to[1] = (byte)Key;
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], Code);
        int at = DescriptorHeaderBytes;
        if (Information is { } information) at += AddInformation(to[at..], InformationType, 0x80, information); // VALID
        if (CommandSpecific is { } specific) at += AddInformation(to[at..], CommandSpecificType, 0, specific);
        if (Specific != 0)
        {
            (to[at], to[at + 1]) = (SpecificType, SpecificBytes - 2);
            to[at + 4] = (byte)(Specific >> 16);
            BinaryPrimitives.WriteUInt16BigEndian(to[(at + 5)..], (ushort)Specific);
            at += SpecificBytes;
        }

        to[7] = (byte)(at - DescriptorHeaderBytes);
        return at;
    }

    private static int AddInformation(Span<byte> to, byte type, byte flags, ulong value)
    {
        (to[0], to[1], to[2]) = (type, InformationBytes - 2, flags);
        BinaryPrimitives.WriteUInt64BigEndian(to[4..], value);
        return InformationBytes;
    }
}
