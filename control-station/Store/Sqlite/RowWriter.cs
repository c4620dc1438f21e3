using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Data.Sqlite;
using VSan.Station.Execution;

namespace VSan.Station.Store.Sqlite;

/// <summary>Binds a record's columns in their order, as <c>$0</c>, <c>$1</c> …</summary>
internal readonly struct RowWriter(SqliteCommand command)
{
    /// <summary>Text.</summary>
    public RowWriter Text(string? value) => Add(value);

    /// <summary>Text, or null.</summary>
    public RowWriter TextOrNull(string? value) => Add(value);

    /// <summary>An identity.</summary>
    public RowWriter Id(Guid? value) => Add(value?.ToString());

    /// <summary>A number.</summary>
    public RowWriter Integer(long? value) => Add(value);

    /// <summary>A number with a fraction.</summary>
    public RowWriter Real(double value) => Add(value);

    /// <summary>A truth.</summary>
    public RowWriter Truth(bool value) => Add(value ? 1L : 0L);

    /// <summary>A time.</summary>
    public RowWriter Time(DateTimeOffset? value) => Add(value?.UtcTicks);

    /// <summary>Bytes.</summary>
    public RowWriter Bytes(byte[] value) => Add(value);

    /// <summary>Bytes, or null.</summary>
    public RowWriter BytesOrNull(byte[]? value) => Add(value);

    /// <summary>Roles with their scopes.</summary>
    public RowWriter Bindings(IReadOnlyList<Binding> bindings) => Json([.. bindings.Select(binding => binding.Text)], StoreJson.Default.IReadOnlyListString);

    /// <summary>A member of an enum, by name.</summary>
    public RowWriter Name<TEnum>(TEnum value)
        where TEnum : struct, Enum => Add(value.ToString());

    /// <summary>JSON, or null.</summary>
    public RowWriter Json<T>(T? value, JsonTypeInfo<T> type)
        where T : class => Add(value is null ? null : JsonSerializer.Serialize(value, type));

    private RowWriter Add(object? value)
    {
        command.Parameters.AddWithValue($"${command.Parameters.Count}", value ?? DBNull.Value);
        return this;
    }
}
