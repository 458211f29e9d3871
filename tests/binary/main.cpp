#define BOOST_TEST_MODULE binary
#include <boost/test/unit_test.hpp>
