using System.Globalization;
using Microsoft.AspNetCore.Http;
using VSan.Contracts.Api;
using VSan.Station.Execution;
using VSan.WebOs.Text;

namespace VSan.WebOs.Parts;

/// <summary>
/// What a form sent. Reading a value that is not one notes the field and goes on, so that a person learns of all of them at once; whatever is
/// a value but not allowed is for the service to refuse.
/// </summary>
/// <param name="form">The fields.</param>
public sealed class FormValues(IFormCollection form)
{
    private readonly List<FieldProblem> _unreadable = [];

    /// <summary>Idempotency key of the page that the form was on.</summary>
    public string Key { get; } = KeyOf(form) ?? NewKey();

    /// <summary>A key for a form on a page that is made now.</summary>
    public static string NewKey() => Guid.NewGuid().ToString("N");

    /// <summary>The key that a form brings; null for one that was not on a page of ours.</summary>
    public static string? KeyOf(IFormCollection form) => form["key"].ToString() is { Length: 32 } key ? key : null;

    /// <summary>The form is only to be tried.</summary>
    public bool IsTrial => Text("do") == "try";

    /// <summary>A field's text without the space around it; empty when it was not sent.</summary>
    public string Text(string name) => form[name].ToString().Trim();

    /// <summary>A field's text exactly as typed: a password, a name to be compared.</summary>
    public string Exactly(string name) => form[name].ToString();

    /// <summary>A field's text, or null when it is empty.</summary>
    public string? Optional(string name) => Text(name) is { Length: > 0 } text ? text : null;

    /// <summary>All that was ticked.</summary>
    public IReadOnlyList<string> All(string name) => [.. form[name].OfType<string>()];

    /// <summary>Whether it was ticked.</summary>
    public bool Ticked(string name) => Text(name) == "on";

    /// <summary>A whole number, or null when the field is empty.</summary>
    public long? Number(string name, string? pointer = null)
    {
        if (Optional(name) is not { } text) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)) return number;
        return Unreadable<long?>(pointer ?? "/" + name, "Write a whole number, for example 20.");
    }

    /// <summary>A whole number that an <see cref="int"/> holds, or null when the field is empty.</summary>
    public int? Count(string name, string? pointer = null) => Number(name, pointer) switch
    {
        null => null,
        <= int.MaxValue and var number => (int)number,
        _ => Unreadable<int?>(pointer ?? "/" + name, "Write a smaller number."),
    };

    /// <summary>A number with at most a few places after the point, or null when the field is empty.</summary>
    public double? Ratio(string name, string pointer)
    {
        if (Optional(name) is not { } text) return null;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal ratio)) return (double)ratio;
        return Unreadable<double?>(pointer, "Write a number, for example 1.5.");
    }

    /// <summary>Bytes, from a number and its unit; null when the field is empty.</summary>
    public long? OptionalSize(string name, string pointer) => Text(name).Length == 0 ? null : Size(name, pointer);

    /// <summary>Bytes, from a number and its unit.</summary>
    public long Size(string name, string pointer)
    {
        long unitBytes = ByteSize.Units.FirstOrDefault(unit => unit.Key == Text(name + "-unit")).Value;
        bool isSize = decimal.TryParse(Text(name), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal size);
        if (!isSize || unitBytes == 0 || size <= 0 || size > long.MaxValue / unitBytes) return Unreadable<long>(pointer, "Write a number greater than 0, for example 64 or 1.5.");
        return (long)(size * unitBytes);
    }

    /// <summary>What a reader makes of a field's text; a <see cref="FormatException"/> says what to write instead.</summary>
    public T? Parsed<T>(string name, Func<string, T> parse)
        where T : class
    {
        try
        {
            return parse(Text(name));
        }
        catch (FormatException fault)
        {
            return Unreadable<T?>("/" + name, fault.Message);
        }
    }

    /// <summary>The object that was chosen, or null for none.</summary>
    public Guid? Choice(string name, string pointer)
    {
        if (Optional(name) is not { } text) return null;
        return Guid.TryParse(text, out Guid id) ? id : Unreadable<Guid?>(pointer, "Choose one from the list.");
    }

    /// <summary>One of an enum, by its name in any case.</summary>
    public T OneOf<T>(string name, string pointer)
        where T : struct, Enum => Enum.GetValues<T>() is var all && all.Where(value => string.Equals(value.ToString(), Text(name), StringComparison.OrdinalIgnoreCase)).ToArray() is [var one]
            ? one
            : Unreadable<T>(pointer, $"Choose one of {string.Join(", ", all)}.");

    /// <summary>Labels as <c>rack=a1, site=north</c>; none when the field is empty.</summary>
    public IReadOnlyDictionary<string, string> Labels(string name, string pointer)
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        foreach (string text in Text(name).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (text.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } key, var value] || !labels.TryAdd(key, value))
                Unreadable<bool>(pointer, "Write each as name=value, once, with a comma between them.");
        }
        return labels;
    }

    /// <summary>Notes a field as one that cannot be read.</summary>
    public T? Unreadable<T>(string pointer, string detail)
    {
        _unreadable.Add(new FieldProblem(pointer, detail));
        return default;
    }

    /// <summary>Refuses a form with fields that could not be read.</summary>
    public void RequireReadable()
    {
        if (_unreadable.Count > 0)
            throw new ProblemException("invalid-field", "The form is not complete. Nothing was done.", "Mend the marked fields and send the form again.", _unreadable);
    }

    /// <summary>Refuses unless the exact name was typed.</summary>
    public void RequireTyped(string name)
    {
        if (Exactly("confirm") == name) return;
        const string Detail = "This is not the name that is shown.";
        throw new ProblemException("invalid-field", $"{Detail} Nothing was done.", "Type the name exactly as it is shown.", [new FieldProblem("/confirm", Detail)]);
    }
}
