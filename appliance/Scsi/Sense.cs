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

/// <summary>Why a command did not end well: key, additional sense code with qualifier, and where in the CDB or parameter list.</summary>
/// <param name="Key">Sense key.</param>
/// <param name="Code">ASC in the high byte, ASCQ in the low one.</param>
internal readonly record struct Sense(SenseKey Key, ushort Code)
{
    /// <summary>Fixed format, up to the sense-key specific bytes (SPC-4).</summary>
    public const int FixedBytes = 18;

    /// <summary>Descriptor format without descriptors.</summary>
    public const int DescriptorBytes = 8;

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
    public static readonly Sense CapacityChanged = new(SenseKey.UnitAttention, 0x2A09);
    public static readonly Sense LunsChanged = new(SenseKey.UnitAttention, 0x3F0E);

    // Sense-key specific bytes 15 to 17: SKSV, C/D, BPV and the bit in the first, the byte number in the others.
    private int Specific { get; init; }

    /// <summary>Points at a byte of the CDB (SPC-4).</summary>
    public Sense AtCdbByte(int index) => this with { Specific = 0xC00000 | index };

    /// <summary>Points at a byte of the parameter list.</summary>
    public Sense AtParameterByte(int index) => this with { Specific = 0x800000 | (index & 0xFFFF) };

    /// <summary>Writes fixed format sense data; returns its length.</summary>
    public int FormatFixed(Span<byte> to, uint? information = null)
    {
        to[..FixedBytes].Clear();
        to[0] = information is null ? (byte)0x70 : (byte)0xF0;
        to[2] = (byte)Key;
        BinaryPrimitives.WriteUInt32BigEndian(to[3..], information ?? 0);
        to[7] = FixedBytes - 8;
        BinaryPrimitives.WriteUInt16BigEndian(to[12..], Code);
        to[15] = (byte)(Specific >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(to[16..], (ushort)Specific);
        return FixedBytes;
    }

    /// <summary>Writes descriptor format sense data; returns its length.</summary>
    public int FormatDescriptor(Span<byte> to)
    {
        to[..DescriptorBytes].Clear();
        to[0] = 0x72;
        to[1] = (byte)Key;
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], Code);
        return DescriptorBytes;
    }
}
