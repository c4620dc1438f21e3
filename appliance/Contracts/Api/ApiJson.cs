using System.Text.Json.Serialization;

namespace VSan.Contracts.Api;

/// <summary>JSON of the REST API: camelCase, enums as camelCase strings, sizes as integers in bytes, times in RFC 3339.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Pool))]
[JsonSerializable(typeof(UnitPage))]
[JsonSerializable(typeof(TokenCreate))]
[JsonSerializable(typeof(TokenCreated))]
[JsonSerializable(typeof(TokenPage))]
[JsonSerializable(typeof(HostCreate))]
[JsonSerializable(typeof(HostPage))]
[JsonSerializable(typeof(VolumeCreate))]
[JsonSerializable(typeof(VolumeAccepted))]
[JsonSerializable(typeof(VolumePage))]
[JsonSerializable(typeof(SnapshotCreate))]
[JsonSerializable(typeof(SnapshotGroupCreate))]
[JsonSerializable(typeof(SnapshotsAccepted))]
[JsonSerializable(typeof(SnapshotClone))]
[JsonSerializable(typeof(SnapshotPage))]
[JsonSerializable(typeof(ScheduleSpec))]
[JsonSerializable(typeof(SchedulePage))]
[JsonSerializable(typeof(MappingCreate))]
[JsonSerializable(typeof(MappingAccepted))]
[JsonSerializable(typeof(MappingPage))]
[JsonSerializable(typeof(ConnectInfo))]
[JsonSerializable(typeof(OperationPage))]
[JsonSerializable(typeof(SessionCreate))]
[JsonSerializable(typeof(SessionCreated))]
[JsonSerializable(typeof(PoolEvent))]
public sealed partial class ApiJson : JsonSerializerContext;
