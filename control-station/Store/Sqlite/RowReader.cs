using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Data.Sqlite;
using VSan.Station.Execution;

namespace VSan.Station.Store.Sqlite;

/// <summary>Reads a row's columns in their order; the inverse of <see cref="RowWriter"/>.</summary>
internal ref struct RowReader(SqliteDataReader reader)
{
    private int _column;

    /// <summary>Text.</summary>
    public string Text() => reader.GetString(_column++);

    /// <summary>Text, or null.</summary>
    public string? TextOrNull() => SkipNull() ? null : Text();

    /// <summary>An identity.</summary>
    public Guid Id() => Guid.ParseExact(Text(), "D");

    /// <summary>An identity, or null.</summary>
    public Guid? IdOrNull() => SkipNull() ? null : Id();

    /// <summary>A number.</summary>
    public long Integer() => reader.GetInt64(_column++);

    /// <summary>A number, or null.</summary>
    public long? IntegerOrNull() => SkipNull() ? null : Integer();

    /// <summary>A number with a fraction.</summary>
    public double Real() => reader.GetDouble(_column++);

    /// <summary>A truth.</summary>
    public bool Truth() => Integer() != 0;

    /// <summary>A time.</summary>
    public DateTimeOffset Time() => new(Integer(), TimeSpan.Zero);

    /// <summary>A time, or null.</summary>
    public DateTimeOffset? TimeOrNull() => SkipNull() ? null : Time();

    /// <summary>Bytes.</summary>
    public byte[] Bytes() => reader.GetFieldValue<byte[]>(_column++);

    /// <summary>Bytes, or null.</summary>
    public byte[]? BytesOrNull() => SkipNull() ? null : Bytes();

    /// <summary>Roles with their scopes.</summary>
    public IReadOnlyList<Binding> Bindings() => [.. Json(StoreJson.Default.IReadOnlyListString).Select(Binding.OfText)];

    /// <summary>A member of an enum, by name.</summary>
    public TEnum Name<TEnum>()
        where TEnum : struct, Enum => Enum.Parse<TEnum>(Text());

    /// <summary>JSON.</summary>
    public T Json<T>(JsonTypeInfo<T> type)
        where T : class => JsonSerializer.Deserialize(Text(), type) ?? throw new InvalidDataException($"Column {_column - 1} holds a JSON null.");

    /// <summary>JSON, or null.</summary>
    public T? JsonOrNull<T>(JsonTypeInfo<T> type)
        where T : class => SkipNull() ? null : Json(type);

    private bool SkipNull()
    {
        if (!reader.IsDBNull(_column)) return false;
        _column++;
        return true;
    }
}
