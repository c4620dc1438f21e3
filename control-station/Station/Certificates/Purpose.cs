using System.Security.Cryptography;

namespace VSan.Station.Certificates;

/// <summary>What a certificate may be used for: extended key usages of RFC 5280, 4.2.1.12.</summary>
internal static class Purpose
{
    public static Oid ServerAuthentication => new("1.3.6.1.5.5.7.3.1");

    public static Oid ClientAuthentication => new("1.3.6.1.5.5.7.3.2");
}
