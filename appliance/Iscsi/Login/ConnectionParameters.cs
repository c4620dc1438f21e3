namespace VSan.Iscsi.Login;

/// <summary>What both sides agreed on for one connection (RFC 7143, 13); the defaults are the standard's.</summary>
internal sealed class ConnectionParameters
{
    public bool HeaderDigest { get; set; }

    public bool DataDigest { get; set; }

    /// <summary>MaxRecvDataSegmentLength that the initiator declared: the longest segment that we send.</summary>
    public int SendSegmentBytesMax { get; set; } = 8192;

    /// <summary>The keys in the standard's words, for people.</summary>
    public override string ToString() => $"HeaderDigest={Digest(HeaderDigest)},DataDigest={Digest(DataDigest)},SendSegment={SendSegmentBytesMax}";

    private static string Digest(bool on) => on ? "CRC32C" : "None";
}
