using System.Security.Cryptography.X509Certificates;

namespace VSan.Station.Link;

/// <summary>Reads who a member is from the subject of the certificate that the pool's authority issued.</summary>
internal static class MemberName
{
    private const string CommonName = "2.5.4.3";
    private const string OrganizationalUnit = "2.5.4.11";

    /// <summary>True for a unit's certificate; a host's or any other is not one.</summary>
    public static bool TryReadUnit(X509Certificate2 certificate, out Guid unitId)
    {
        unitId = default;
        return Attribute(certificate, OrganizationalUnit) == "unit" && Guid.TryParseExact(Attribute(certificate, CommonName), "D", out unitId);
    }

    /// <summary>True for a host's certificate.</summary>
    public static bool TryReadHost(X509Certificate2 certificate, out Guid memberId)
    {
        memberId = default;
        return Attribute(certificate, OrganizationalUnit) == "host" && Guid.TryParseExact(Attribute(certificate, CommonName), "D", out memberId);
    }

    private static string? Attribute(X509Certificate2 certificate, string type) =>
        certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .FirstOrDefault(name => !name.HasMultipleElements && name.GetSingleElementType().Value == type)?.GetSingleElementValue();
}
