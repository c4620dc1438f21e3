namespace VSan.IscsiInitiator;

/// <summary>How a SCSI command ended.</summary>
/// <param name="Status">SAM status; 0 is GOOD, 2 CHECK CONDITION.</param>
/// <param name="Data">What it read.</param>
/// <param name="Sense">Fixed or descriptor sense data, empty without.</param>
internal sealed record ScsiResult(byte Status, byte[] Data, byte[] Sense)
{
    public const byte Good = 0;
    public const byte CheckCondition = 2;
    public const byte UnitAttention = 6;
    public const byte Miscompare = 0xe;

    /// <summary>Sense key, or 0 (SPC-4, 4.5).</summary>
    public int SenseKey => Sense switch
    {
        [0x70 or 0x71 or 0xf0 or 0xf1, _, var key, ..] => key & 0xf,
        [0x72 or 0x73, var key, ..] => key & 0xf,
        _ => 0,
    };

    /// <summary>Sense key, ASC and ASCQ of fixed format sense data as one number, 0xKKAAQQ; 0 without.</summary>
    public int SenseCode => Sense is [0x70 or 0xf0, _, _, _, _, _, _, _, _, _, _, _, var asc, var ascq, ..] ? (SenseKey << 16) | (asc << 8) | ascq : 0;

    public override string ToString() => $"status {Status:x2}, sense {Convert.ToHexStringLower(Sense)}";
}
