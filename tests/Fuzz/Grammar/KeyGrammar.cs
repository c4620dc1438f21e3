using System.Globalization;
using System.Text;
using VSan.Tests.Fuzz.Scripts;

namespace VSan.Tests.Fuzz.Grammar;

/// <summary>Every text key of RFC 7143, 12 and 13, with a generator of its values; keys that nobody knows, and pairs that are none.</summary>
internal static class KeyGrammar
{
    private static readonly string[] AnyValues =
    [
        "", "=", "?", "Yes", "No", "None", "Reject", "NotUnderstood", "Irrelevant", "0", "-1", "+1", " 1", "0x", "0x0", "0b", "0bAAAA", "1~2", "a=b", ",,,", "a\0b", "\0\0",
        "\u00E9\uFFFD", "99999999999", "0xFFFFFFFFFF", FuzzNames.Open, new('9', 300), new('x', 8192), new('x', 8193),
    ];

    private static readonly (string Key, Func<Random, string> Value)[] Keys =
    [
        ("AuthMethod", random => random.OneOf("CHAP", "None", "CHAP,None", "None,CHAP", "KRB5,SRP,CHAP", "KRB5", "Reject")),
        ("CHAP_A", random => random.OneOf("5", "7", "7,5", "5,6,7,8", "6", "0x5", ",5", "255")),
        ("CHAP_N", random => random.OneOf(FuzzNames.User, FuzzNames.TargetUser, "", new string('u', 1024))),
        ("CHAP_R", Binary),
        ("CHAP_I", random => random.OneOf("0", "17", "255", "256", "0x11", "-1", "")),
        ("CHAP_C", Binary),
        ("HeaderDigest", Digest),
        ("DataDigest", Digest),
        ("MaxConnections", Number),
        ("SendTargets", random => random.OneOf("All", "", FuzzNames.Open, FuzzNames.Guarded, "iqn.2026-11.org.example:none", "all")),
        ("TargetName", random => random.OneOf(FuzzNames.Open, FuzzNames.Guarded, FuzzNames.Open.ToUpperInvariant(), "iqn.2026-11.org.example:none", "")),
        ("InitiatorName", random => random.OneOf(FuzzNames.Initiator, FuzzNames.Initiator + ".b", "eui.0123456789ABCDEF", "naa.0123456789ABCDEF", "iqn.", "nobody", new string('i', 224))),
        ("TargetAlias", random => random.OneOf("alias", "")),
        ("InitiatorAlias", random => random.OneOf("alias", "", "\u00FC")),
        ("TargetAddress", random => random.OneOf("10.0.0.1:3260,1", "[::1]:3260,2")),
        ("TargetPortalGroupTag", Number),
        ("InitialR2T", Boolean),
        ("ImmediateData", Boolean),
        ("MaxRecvDataSegmentLength", Number),
        ("MaxBurstLength", Number),
        ("FirstBurstLength", Number),
        ("DefaultTime2Wait", Number),
        ("DefaultTime2Retain", Number),
        ("MaxOutstandingR2T", Number),
        ("DataPDUInOrder", Boolean),
        ("DataSequenceInOrder", Boolean),
        ("ErrorRecoveryLevel", Number),
        ("SessionType", random => random.OneOf("Normal", "Discovery", "normal", "Other")),
        ("IFMarker", Boolean),
        ("OFMarker", Boolean),
        ("IFMarkInt", random => random.OneOf("1~65535", "2048", "Reject")),
        ("OFMarkInt", random => random.OneOf("1~65535", "2048", "Reject")),
        ("TaskReporting", random => random.OneOf("RFC3720", "ResponseFence,RFC3720", "FastAbort", "")),
        ("iSCSIProtocolLevel", Number),
        ("X-org.example.key", Number),
        ("X#org.example", Number),
        (new string('K', 63), Number),
        (new string('K', 64), Number),
    ];

    /// <summary>The keys, for tests that look whether all are there.</summary>
    public static IEnumerable<string> Names => Keys.Select(one => one.Key);

    /// <summary>Up to <paramref name="max"/> pairs.</summary>
    public static void Append(StringBuilder text, Random random, int max)
    {
        for (int left = random.Next(max + 1); left > 0; left--) Append(text, random, Keys[random.Next(Keys.Length)]);
    }

    /// <summary>One pair of the named key.</summary>
    public static void Append(StringBuilder text, Random random, string key) => Append(text, random, Keys.First(one => one.Key == key));

    private static void Append(StringBuilder text, Random random, (string Key, Func<Random, string> Value) rule)
    {
        text.Append(rule.Key);
        if (!random.OneIn(40)) text.Append('=');
        text.Append(random.OneIn(8) ? AnyValues[random.Next(AnyValues.Length)] : rule.Value(random));
        if (!random.OneIn(40)) text.Append('\0');
    }

    /// <summary>A binary value (RFC 7143, 6.1) around the lengths that CHAP knows, well formed or nearly so.</summary>
    private static string Binary(Random random)
    {
        if (random.OneIn(3)) return Script.ChapProof;
        byte[] bytes = new byte[random.OneOf(0, 1, 15, 16, 17, 31, 32, 33, 255, 256, 1023, 1024, 1025, 2048)];
        random.NextBytes(bytes);
        return random.Next(6) switch
        {
            0 => "0b" + Convert.ToBase64String(bytes),
            1 => "0x" + Convert.ToHexString(bytes) + "F",
            2 => Convert.ToHexString(bytes),
            _ => random.OneOf("0x", "0X") + Convert.ToHexString(bytes),
        };
    }

    private static string Digest(Random random) => random.OneOf("CRC32C", "None", "CRC32C,None", "None,CRC32C", "X-other,CRC32C", "crc32c", "");

    private static string Boolean(Random random) => random.OneOf("Yes", "No", "Yes", "No", "yes", "1");

    private static string Number(Random random)
    {
        string number = ((long)(Numbers.Interesting(random) >> 1)).ToString(random.OneIn(6) ? "X" : "D", CultureInfo.InvariantCulture);
        return random.OneIn(6) ? "0x" + number : number;
    }
}
