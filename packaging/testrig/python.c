/* python.exe and pythonw.exe of the test rig: the interpreter itself is in python311.dll. */
#include <stdio.h>
#include <windows.h>

typedef int (*main_of_python)(int, wchar_t **);

int wmain(int count, wchar_t **words) {
    HMODULE python = LoadLibraryW(L"python311.dll");
    if (!python) {
        fprintf(stderr, "python311.dll cannot be loaded: %lu\n", GetLastError());
        return 101;
    }
    main_of_python run = (main_of_python)(void *)GetProcAddress(python, "Py_Main");
    return run ? run(count, words) : 102;
}
