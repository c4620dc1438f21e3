using System.Text.Json.Serialization;
using VSan.Station.Domain;

namespace VSan.Station.Store.Sqlite;

/// <summary>JSON inside columns.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<Guid>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyList<ServiceOffer>))]
[JsonSerializable(typeof(IReadOnlyList<OperationStep>))]
[JsonSerializable(typeof(IReadOnlyList<OperationLock>))]
[JsonSerializable(typeof(OperationFailure))]
[JsonSerializable(typeof(SecretRotation))]
[JsonSerializable(typeof(OperationWait))]
[JsonSerializable(typeof(OperationProgress))]
[JsonSerializable(typeof(VolumeLimits))]
internal sealed partial class StoreJson : JsonSerializerContext;
