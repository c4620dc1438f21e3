using System.Text.Json;
using System.Text.Json.Serialization;

namespace VSan.Contracts;

/// <summary>Writes an enum as its member's name in camelCase and refuses numbers and unknown names.</summary>
public sealed class WireEnumConverter<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where TEnum : struct, Enum;
