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
}
