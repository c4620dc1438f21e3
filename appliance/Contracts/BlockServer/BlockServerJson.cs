using System.Text.Json.Serialization;

namespace VSan.Contracts.BlockServer;

/// <summary>JSON of the control socket and of the block server's configuration file: camelCase.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlAnswer))]
[JsonSerializable(typeof(BlockServerConfiguration))]
public sealed partial class BlockServerJson : JsonSerializerContext;
