using VSan.UnitAgent.Updating;

namespace VSan.Tests.ControlPlane.UnitAgent;

/// <summary>The power goes at a call that writes; half of what it should have written to a file is there.</summary>
internal sealed class MortalEspFiles(IEspFiles inner, int dieAtCall) : IEspFiles
{
    private int _calls;

    public IReadOnlyList<string> Names(string folder) => inner.Names(folder);

    public byte[] Read(string path) => inner.Read(path);

    public Stream Open(string path) => inner.Open(path);

    public Stream Create(string path)
    {
        bool dies = Dies();
        Stream stream = inner.Create(path);
        if (!dies) return new MortalStream(stream, Dies);
        stream.Dispose();
        throw new PowerCutException();
    }

    public void Overwrite(string path, ReadOnlySpan<byte> content)
    {
        if (Dies()) throw new PowerCutException();
        inner.Overwrite(path, content);
    }

    public void Flush(string path)
    {
        if (Dies()) throw new PowerCutException();
        inner.Flush(path);
    }

    public void Move(string from, string to)
    {
        if (Dies()) throw new PowerCutException();
        inner.Move(from, to);
    }

    public void Delete(string path)
    {
        if (Dies()) throw new PowerCutException();
        inner.Delete(path);
    }

    private bool Dies() => ++_calls >= dieAtCall;

    private sealed class MortalStream(Stream inner, Func<bool> dies) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (dies())
            {
                inner.Write(buffer, offset, count / 2);
                throw new PowerCutException();
            }

            inner.Write(buffer, offset, count);
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>The power is gone: nothing that was not done already is done.</summary>
internal sealed class PowerCutException : Exception;
