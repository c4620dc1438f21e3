using System.Text;
using System.Text.Json;

namespace VSan.BlockServer;

/// <summary>Events as lines of <c>key=value</c> on standard error, one each; strings are quoted as in JSON. Never a secret. Any thread.</summary>
internal sealed class EventLog(TextWriter writer, TimeProvider time)
{
    /// <summary>Something happened as it should.</summary>
    internal void Info(string @event, params ReadOnlySpan<(string Key, object? Value)> fields) => Write("info", @event, fields);

    /// <summary>Something did not, and somebody should know.</summary>
    internal void Error(string @event, params ReadOnlySpan<(string Key, object? Value)> fields) => Write("error", @event, fields);

    private void Write(string level, string @event, ReadOnlySpan<(string Key, object? Value)> fields)
    {
        var line = new StringBuilder();
        line.Append("time=").Append(time.GetUtcNow().ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        line.Append(" level=").Append(level).Append(" event=").Append(@event);
        foreach ((string key, object? value) in fields)
        {
            line.Append(' ').Append(key).Append('=');
            if (value is string text) line.Append('"').Append(JsonEncodedText.Encode(text)).Append('"');
            else line.Append(System.Globalization.CultureInfo.InvariantCulture, $"{value}");
        }

        lock (writer) writer.WriteLine(line.ToString());
    }
}
