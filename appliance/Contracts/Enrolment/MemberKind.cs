using System.Text.Json.Serialization;

namespace VSan.Contracts.Enrolment;

/// <summary>What joins the pool by the construct protocol.</summary>
[JsonConverter(typeof(WireEnumConverter<MemberKind>))]
public enum MemberKind
{
    /// <summary>An IP SAN unit: offers stores.</summary>
    Unit,

    /// <summary>An application server: uses volumes.</summary>
    Host,
}
