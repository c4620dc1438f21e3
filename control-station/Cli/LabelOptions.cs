using System.CommandLine;
using System.CommandLine.Parsing;

namespace VSan.Cli;

/// <summary>Labels on a command line, as <c>rack=r1</c>.</summary>
internal static class LabelOptions
{
    /// <summary>Any number of labels as arguments.</summary>
    public static Argument<string[]> Argument()
    {
        Argument<string[]> labels = new("LABEL") { Description = "Labels as NAME=VALUE.", Arity = ArgumentArity.ZeroOrMore };
        labels.Validators.Add(Check);
        return labels;
    }

    /// <summary>Any number of labels as repetitions of an option.</summary>
    public static Option<string[]> Option(string description)
    {
        Option<string[]> labels = new("--label") { Description = description, HelpName = "NAME=VALUE" };
        labels.Validators.Add(Check);
        return labels;
    }

    /// <summary>The labels; of two with one name the later counts.</summary>
    public static Dictionary<string, string> Of(string[]? texts)
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        foreach (string[] parts in (texts ?? []).Select(text => text.Split('=', 2))) labels[parts[0]] = parts[1];
        return labels;
    }

    private static void Check(SymbolResult result)
    {
        foreach (Token token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
            result.AddError($"'{token.Value}' is no label: give it as NAME=VALUE.");
    }
}
