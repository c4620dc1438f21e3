using System.Buffers.Binary;

namespace VSan.Scsi.Commands;

/// <summary>Which values a mode page is asked for (SPC-4, PC field).</summary>
internal enum PageControl
{
    Current = 0,
    Changeable = 1,
    Default = 2,
    Saved = 3,
}

/// <summary>
/// The mode pages: read-write error recovery, caching, logical block provisioning (SBC-3), control, informational exceptions (SPC-4). What can be
/// changed of them is in <see cref="ModeSettings"/>.
/// <code>
///   01h      7  LBPERE 80h
///   08h      2  WCE 04h
///   0Ah      2  D_SENSE 04h    3  queue algorithm    4  SWP 08h
///   1Ch/02h  4  SITUA 01h    16  ENABLED 80h, type, arming    17  resource    20  count (4)
/// </code>
/// </summary>
internal static class ModePages
{
    public const byte ReadWriteErrorRecovery = 0x01, Caching = 0x08, Control = 0x0A, InformationalExceptions = 0x1C, All = 0x3F;

    /// <summary>Subpage of <see cref="InformationalExceptions"/>, and the wildcard.</summary>
    public const byte Provisioning = 0x02, AllSubpages = 0xFF;

    /// <summary>Longest page.</summary>
    public const int BytesMax = 24;

    private const int ReportsThresholdsByte = 7, WriteCacheByte = 2, SenseByte = 2, ProtectByte = 4, DescriptorByte = 16, ResourceByte = 17, CountByte = 20;
    private const byte ReportsThresholds = 0x80, WriteCache = 0x04, DescriptorSense = 0x04, SoftwareWriteProtect = 0x08, Enabled = 0x80;

    /// <summary>THRESHOLD RESOURCE: the parameter of the log page that is watched, what is available. Type 000b is soft, arming 000b decreasing.</summary>
    private const byte AvailableResource = 0x01;

    /// <summary>Every page in ascending order.</summary>
    public static readonly (byte Code, byte Subpage)[] Every =
    [
        (ReadWriteErrorRecovery, 0), (Caching, 0), (Control, 0), (InformationalExceptions, 0), (InformationalExceptions, Provisioning),
    ];

    /// <summary>Bytes before a page's own parameters.</summary>
    public static int HeaderBytes(byte subpage) => subpage == 0 ? 2 : 4;

    /// <summary>Writes a page into zeroed memory; returns its length, 0 when there is no such page.</summary>
    public static int Fill(byte code, byte subpage, PageControl control, LunSlot slot, Span<byte> page)
    {
        int length = (code, subpage) switch
        {
            (ReadWriteErrorRecovery or Control or InformationalExceptions, 0) => 12,
            (Caching, 0) => 20,
            (InformationalExceptions, Provisioning) when slot.Unit.Threshold is not null => 24,
            _ => 0,
        };
        if (length == 0) return 0;
        page[0] = code;
        page[1] = (byte)(length - 2);
        if (subpage != 0)
        {
            page[0] |= 0x40; // SPF
            page[1] = subpage;
            BinaryPrimitives.WriteUInt16BigEndian(page[2..], (ushort)(length - 4));
        }

        if (control == PageControl.Changeable) FillChangeable(code, subpage, slot, page);
        else FillValues(code, subpage, control == PageControl.Default ? slot.Unit.DefaultMode : slot.Unit.Mode, slot, page);
        return length;
    }

    /// <summary>The settings after a page that differs in what is changeable only.</summary>
    public static ModeSettings Apply(byte code, byte subpage, ReadOnlySpan<byte> page, ModeSettings settings, LunSlot slot) => (code, subpage) switch
    {
        (ReadWriteErrorRecovery, 0) => settings with { ReportsThresholds = (page[ReportsThresholdsByte] & ReportsThresholds) != 0 },
        (Control, 0) => settings with
        {
            DescriptorSense = (page[SenseByte] & DescriptorSense) != 0,
            SoftwareWriteProtect = slot.ReadOnly ? settings.SoftwareWriteProtect : (page[ProtectByte] & SoftwareWriteProtect) != 0,
        },
        (InformationalExceptions, Provisioning) => settings with
        {
            ThresholdEnabled = (page[DescriptorByte] & Enabled) != 0,
            ThresholdCount = BinaryPrimitives.ReadUInt32BigEndian(page[CountByte..]),
        },
        _ => settings,
    };

    private static void FillValues(byte code, byte subpage, ModeSettings settings, LunSlot slot, Span<byte> page)
    {
        switch (code, subpage)
        {
            case (ReadWriteErrorRecovery, 0):
                page[ReportsThresholdsByte] = settings.ReportsThresholds ? ReportsThresholds : (byte)0;
                break;
            case (Caching, 0):
                page[WriteCacheByte] = slot.Unit.WriteCache ? WriteCache : (byte)0;
                break;
            case (Control, 0):
                page[SenseByte] = settings.DescriptorSense ? DescriptorSense : (byte)0;
                page[3] = 0x10; // queue algorithm modifier: unrestricted reordering
                page[ProtectByte] = slot.ReadOnly || settings.SoftwareWriteProtect ? SoftwareWriteProtect : (byte)0;
                page[5] = 0x40; // TAS: what another nexus ends is answered with TASK ABORTED
                break;
            case (InformationalExceptions, Provisioning):
                page[DescriptorByte] = settings.ThresholdEnabled ? Enabled : (byte)0;
                page[ResourceByte] = AvailableResource;
                BinaryPrimitives.WriteUInt32BigEndian(page[CountByte..], settings.ThresholdCount);
                break;
        }
    }

    private static void FillChangeable(byte code, byte subpage, LunSlot slot, Span<byte> page)
    {
        switch (code, subpage)
        {
            case (ReadWriteErrorRecovery, 0) when slot.Unit.Threshold is not null:
                page[ReportsThresholdsByte] = ReportsThresholds;
                break;
            case (Control, 0):
                page[SenseByte] = DescriptorSense;
                page[ProtectByte] = slot.ReadOnly ? (byte)0 : SoftwareWriteProtect;
                break;
            case (InformationalExceptions, Provisioning):
                page[DescriptorByte] = Enabled;
                BinaryPrimitives.WriteUInt32BigEndian(page[CountByte..], uint.MaxValue);
                break;
        }
    }
}
