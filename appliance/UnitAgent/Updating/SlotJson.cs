using System.Text.Json.Serialization;

namespace VSan.UnitAgent.Updating;

/// <summary>JSON between the agent and the keeper of the boot partition: camelCase, a message on each line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SlotRequest))]
[JsonSerializable(typeof(SlotAnswer))]
internal sealed partial class SlotJson : JsonSerializerContext;
