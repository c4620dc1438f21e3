namespace VSan.Cli;

/// <summary>All that a command takes from the process around it.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Results.</param>
/// <param name="Error">Progress, questions and errors.</param>
/// <param name="CanAsk">True: a person sits at standard input.</param>
/// <param name="ShowsProgress">True: standard error is a terminal, a line can be redrawn.</param>
/// <param name="ReadPassword">Reads a line without echo.</param>
/// <param name="Variable">An environment variable, or null.</param>
internal sealed record CommandEnvironment(
    TextReader Input,
    TextWriter Output,
    TextWriter Error,
    bool CanAsk,
    bool ShowsProgress,
    Func<string> ReadPassword,
    Func<string, string?> Variable)
{
    /// <summary>True in the console of the web OS (<c>$VSAN_CONSOLE</c>): the machine here is the station's and not the person's, so nothing reads or writes its files.</summary>
    public bool IsConsole => Variable("VSAN_CONSOLE") is { Length: > 0 };

    /// <summary>Where contexts are kept: <c>$VSAN_CONFIG</c>, else <c>config.json</c> in the user's configuration folder.</summary>
    public string ConfigurationPath
    {
        get
        {
            if (Variable("VSAN_CONFIG") is { Length: > 0 } path) return path;
            string folder = Variable("XDG_CONFIG_HOME") is { Length: > 0 } home ? home : Path.Combine(Variable("HOME") ?? ".", ".config");
            return Path.Combine(folder, "vsan", "config.json");
        }
    }

    /// <summary>The real one.</summary>
    public static CommandEnvironment OfProcess() => new(
        Console.In,
        Console.Out,
        Console.Error,
        CanAsk: !Console.IsInputRedirected,
        ShowsProgress: !Console.IsErrorRedirected,
        ReadPasswordFromConsole,
        Environment.GetEnvironmentVariable);

    private static string ReadPasswordFromConsole()
    {
        var typed = new Stack<char>();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace) typed.TryPop(out _);
            else if (!char.IsControl(key.KeyChar)) typed.Push(key.KeyChar);
        }

        Console.Error.WriteLine();
        return new string([.. typed.Reverse()]);
    }
}
