using System.Text.Json.Serialization;

namespace VSan.Contracts.Enrolment;

/// <summary>JSON of the enrolment endpoint: camelCase, enums as camelCase strings.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StartupPacket))]
[JsonSerializable(typeof(EnrolmentAnswer))]
public sealed partial class EnrolmentJson : JsonSerializerContext;
