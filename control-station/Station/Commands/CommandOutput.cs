using System.Text;

namespace VSan.Station.Commands;

/// <summary>What a command writes, from both of its streams, up to a size that a page shows.</summary>
internal sealed class CommandOutput
{
    private const int LengthMax = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private bool _isCut;

    /// <summary>All of it so far; the last line says so when there was more.</summary>
    public string Text
    {
        get
        {
            lock (_lock) return _isCut ? $"{_text}… and more: only the first {LengthMax / 1024} KiB are shown here.\n" : _text.ToString();
        }
    }

    /// <summary>Takes a stream to its end, line by line. What is too much is read and thrown away, so that the command does not stop at a full pipe.</summary>
    public async Task ReadAsync(StreamReader stream)
    {
        while (await stream.ReadLineAsync() is { } line) Add(line);
    }

    private void Add(string line)
    {
        lock (_lock)
        {
            _isCut |= _text.Length + line.Length >= LengthMax;
            if (!_isCut) _text.Append(line).Append('\n');
        }
    }
}
