namespace VSan.UnitAgent;

/// <summary>Arguments of the form <c>--option value</c>, in any order; an option may come more than once.</summary>
internal sealed class CommandLine
{
    private readonly Dictionary<string, List<string>> _values = [];

    private readonly HashSet<string> _asked = [];

    private CommandLine()
    {
    }

    /// <summary>Splits the arguments.</summary>
    public static CommandLine Parse(ReadOnlySpan<string> arguments)
    {
        CommandLine line = new();
        for (int index = 0; index < arguments.Length; index += 2)
        {
            string option = arguments[index];
            if (!option.StartsWith("--", StringComparison.Ordinal)) throw UnitOptions.Wrong($"{option}: an option was expected.");
            if (index + 1 == arguments.Length) throw UnitOptions.Wrong($"{option}: its value is missing.");
            if (!line._values.TryGetValue(option, out List<string>? values)) line._values[option] = values = [];
            values.Add(arguments[index + 1]);
        }

        return line;
    }

    /// <summary>The value of an option that must come exactly once.</summary>
    public string One(string option) => Optional(option) ?? throw UnitOptions.Wrong($"{option} is missing.");

    /// <summary>The value of an option that may come once.</summary>
    public string? Optional(string option) => Values(option) switch
    {
        [] => null,
        [string value] => value,
        _ => throw UnitOptions.Wrong($"{option} is given more than once."),
    };

    /// <summary>The values of an option that must come at least once.</summary>
    public IReadOnlyList<string> Many(string option) =>
        Values(option) is { Count: > 0 } values ? values : throw UnitOptions.Wrong($"{option} is missing.");

    /// <summary>The values of an option that may come any number of times.</summary>
    public IReadOnlyList<string> Any(string option) => Values(option);

    /// <summary>Refuses what nobody asked for, so that a misspelt option is not silently ignored.</summary>
    public void RefuseUnknown()
    {
        if (_values.Keys.FirstOrDefault(option => !_asked.Contains(option)) is { } unknown) throw UnitOptions.Wrong($"{unknown} is unknown.");
    }

    private List<string> Values(string option)
    {
        _ = _asked.Add(option);
        return _values.GetValueOrDefault(option) ?? [];
    }
}
