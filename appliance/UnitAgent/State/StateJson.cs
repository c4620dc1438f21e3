using System.Text.Json.Serialization;
using VSan.UnitAgent.Configuration;
using VSan.UnitAgent.Enrolment;
using VSan.UnitAgent.Inventory;
using VSan.UnitAgent.Reconcile;
using VSan.UnitAgent.Shares;
using VSan.UnitAgent.Updating;

namespace VSan.UnitAgent.State;

/// <summary>JSON of the files that the agent keeps: camelCase, indented, because people read them in need.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(MemberIdentity))]
[JsonSerializable(typeof(Admission))]
[JsonSerializable(typeof(AcceptedConfiguration))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, Guid>))]
[JsonSerializable(typeof(StoreIdentity))]
[JsonSerializable(typeof(LegDescription))]
[JsonSerializable(typeof(ShareDescription))]
[JsonSerializable(typeof(CopyMark))]
[JsonSerializable(typeof(UnitStatus))]
[JsonSerializable(typeof(TrialNotes))]
internal sealed partial class StateJson : JsonSerializerContext;
