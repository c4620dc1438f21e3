namespace VSan.Iscsi.Login;

/// <summary>What both sides agreed on for a whole session in its leading login (RFC 7143, 13); the defaults are the standard's.</summary>
internal sealed class SessionParameters
{
    public int MaxConnections { get; set; } = 1;

    public bool InitialR2T { get; set; } = true;

    public bool ImmediateData { get; set; } = true;

    public int MaxBurstLength { get; set; } = 262144;

    public int FirstBurstLength { get; set; } = 65536;

    public int MaxOutstandingR2T { get; set; } = 1;

    /// <summary>The keys in the standard's words, for people.</summary>
    public override string ToString() =>
        $"InitialR2T={YesNo(InitialR2T)},ImmediateData={YesNo(ImmediateData)},FirstBurstLength={FirstBurstLength},"
        + $"MaxBurstLength={MaxBurstLength},MaxOutstandingR2T={MaxOutstandingR2T},MaxConnections={MaxConnections}";

    private static string YesNo(bool yes) => yes ? "Yes" : "No";
}
