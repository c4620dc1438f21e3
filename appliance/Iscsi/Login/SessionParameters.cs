namespace VSan.Iscsi.Login;

/// <summary>What both sides agreed on (RFC 7143, 13); the defaults are the standard's.</summary>
internal sealed class SessionParameters
{
    public bool HeaderDigest { get; set; }

    public bool DataDigest { get; set; }

    /// <summary>MaxRecvDataSegmentLength that the initiator declared: the longest segment that we send.</summary>
    public int SendSegmentBytesMax { get; set; } = 8192;

    public bool InitialR2T { get; set; } = true;

    public bool ImmediateData { get; set; } = true;

    public int MaxBurstLength { get; set; } = 262144;

    public int FirstBurstLength { get; set; } = 65536;

    public int MaxOutstandingR2T { get; set; } = 1;

    /// <summary>The keys in the standard's words, for people.</summary>
    public override string ToString() =>
        $"HeaderDigest={Digest(HeaderDigest)},DataDigest={Digest(DataDigest)},InitialR2T={YesNo(InitialR2T)},ImmediateData={YesNo(ImmediateData)},"
        + $"FirstBurstLength={FirstBurstLength},MaxBurstLength={MaxBurstLength},MaxOutstandingR2T={MaxOutstandingR2T},SendSegment={SendSegmentBytesMax}";

    private static string Digest(bool on) => on ? "CRC32C" : "None";

    private static string YesNo(bool yes) => yes ? "Yes" : "No";
}
