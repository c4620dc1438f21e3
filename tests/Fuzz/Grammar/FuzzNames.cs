namespace VSan.Tests.Fuzz.Grammar;

/// <summary>What the fuzzed target serves, in process and as a process alike.</summary>
internal static class FuzzNames
{
    /// <summary>Admits everybody.</summary>
    public const string Open = "iqn.2026-11.io.vsan-appliance:fuzz.open";

    /// <summary>Wants CHAP, and can prove itself in turn.</summary>
    public const string Guarded = "iqn.2026-11.io.vsan-appliance:fuzz.guarded";

    public const string Initiator = "iqn.2026-11.org.example:fuzz";
    public const string User = "fuzz-user", Secret = "fuzz-secret-1234";
    public const string TargetUser = "fuzz-target", TargetSecret = "target-secret-5678";

    /// <summary>Logical blocks of each volume.</summary>
    public const int Blocks = 64;

    /// <summary>By LUN; LUN 2 is LUN 0, read-only.</summary>
    public static IReadOnlyList<int> BlockBytes { get; } = [512, 4096];

    /// <summary>NAA 6 name of a LUN, 32 hexadecimal digits.</summary>
    public static string Naa(int lun) => "6" + new string((char)('a' + lun), 31);

    /// <summary>Serial number of a LUN.</summary>
    public static string Serial(int lun) => $"FUZZ-{lun}";
}
