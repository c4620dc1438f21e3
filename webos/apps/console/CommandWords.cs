using System.Text;

namespace VSan.WebOs.Apps.Console;

/// <summary>Cuts a line into words as a shell does, and does nothing else that a shell does: no variables, no pipes, no patterns.</summary>
internal static class CommandWords
{
    /// <summary>The longest line.</summary>
    public const int LineLengthMax = 2000;

    /// <summary>The words after <c>vsan</c>, which may be left out. Quotes hold blanks together; a backslash takes the next letter as it is.</summary>
    /// <exception cref="FormatException">The line is too long, or ends within quotes.</exception>
    public static IReadOnlyList<string> Of(string line)
    {
        if (line.Length > LineLengthMax) throw new FormatException($"Write at most {LineLengthMax} letters.");
        List<string> words = Split(line);
        if (words is ["vsan", ..]) words.RemoveAt(0);
        // What people type first.
        return words switch
        {
            [] or ["help"] => ["--help"],
            ["help", .. var command] => [.. command, "--help"],
            _ => words,
        };
    }

    private static List<string> Split(string line)
    {
        List<string> words = [];
        StringBuilder word = new();
        (bool inWord, char quote) = (false, '\0');
        for (int index = 0; index < line.Length; index++)
        {
            char letter = line[index];
            if (letter == '\\' && quote != '\'' && index + 1 < line.Length) (inWord, _) = (true, word.Append(line[++index]));
            else if (quote != '\0' && letter == quote) quote = '\0';
            else if (quote == '\0' && letter is '"' or '\'') (inWord, quote) = (true, letter);
            else if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                if (inWord) words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
            else (inWord, _) = (true, word.Append(letter));
        }

        if (quote != '\0') throw new FormatException($"Close what {quote} opens.");
        if (inWord) words.Add(word.ToString());
        return words;
    }
}
