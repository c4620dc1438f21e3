using System.Text.Json.Serialization;

namespace VSan.Contracts.Enrolment;

/// <summary>Where a member's admission stands.</summary>
[JsonConverter(typeof(WireEnumConverter<EnrolmentState>))]
public enum EnrolmentState
{
    /// <summary>Known, waiting for a person.</summary>
    Pending,

    /// <summary>Admitted; the answer carries its certificate.</summary>
    Approved,
}
