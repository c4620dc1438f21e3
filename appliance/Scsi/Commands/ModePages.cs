namespace VSan.Scsi.Commands;

/// <summary>Which values a mode page is asked for (SPC-4, PC field).</summary>
internal enum PageControl
{
    Current = 0,
    Changeable = 1,
    Default = 2,
    Saved = 3,
}

/// <summary>The mode pages: caching, control, informational exceptions (SBC-3; SPC-4). Only SWP is changeable.</summary>
internal static class ModePages
{
    public const byte Caching = 0x08, Control = 0x0A, InformationalExceptions = 0x1C, All = 0x3F;

    /// <summary>Byte of the control mode page that has SWP, and SWP.</summary>
    public const byte ControlBits = 4, SoftwareWriteProtect = 0x08;

    /// <summary>Longest page.</summary>
    public const int BytesMax = 20;

    /// <summary>Writes page <paramref name="code"/> into zeroed memory; returns its length, 0 when there is no such page.</summary>
    public static int Fill(byte code, PageControl control, LunSlot slot, Span<byte> page)
    {
        int length = code switch
        {
            Caching => 20,
            Control or InformationalExceptions => 12,
            _ => 0,
        };
        if (length == 0) return 0;
        page[0] = code;
        page[1] = (byte)(length - 2);
        if (control == PageControl.Changeable)
        {
            if (code == Control && !slot.ReadOnly) page[ControlBits] = SoftwareWriteProtect;
            return length;
        }

        if (code == Caching)
        {
            page[2] = slot.Unit.WriteCache ? (byte)0x04 : (byte)0; // WCE
        }
        else if (code == Control)
        {
            page[3] = 0x10; // queue algorithm modifier: unrestricted reordering
            bool isProtected = control == PageControl.Default ? slot.ReadOnly : slot.IsWriteProtected;
            page[ControlBits] = isProtected ? SoftwareWriteProtect : (byte)0;
            page[5] = 0x40; // TAS: what another nexus ends is answered with TASK ABORTED
        }

        return length;
    }
}
