using System.Text.Json.Serialization;

namespace VSan.Contracts.UnitLink;

/// <summary>JSON of the link between station and unit: camelCase.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ConfigurationPush))]
[JsonSerializable(typeof(UnitConfiguration))]
[JsonSerializable(typeof(ConfigurationStatus))]
[JsonSerializable(typeof(UnitInventory))]
[JsonSerializable(typeof(LegRecord))]
[JsonSerializable(typeof(FoundLegPage))]
[JsonSerializable(typeof(UnitReport))]
[JsonSerializable(typeof(LegCopySpec))]
[JsonSerializable(typeof(LegCopyFact))]
[JsonSerializable(typeof(CertificateIssue))]
[JsonSerializable(typeof(Api.Problem))]
public sealed partial class UnitLinkJson : JsonSerializerContext;
